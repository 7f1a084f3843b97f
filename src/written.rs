//! Starting a program from a file that was just written.

use std::io;
use std::process::{Command, Output};
use std::time::Duration;

/// Tries of a file that is busy, and the pause between them.
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(10);

/// The output of a command whose file was just written. A process that another thread started meanwhile has the file
/// open for writing until it becomes its own program, and nobody can execute the file until then.
///
/// # Errors
/// As [`Command::output`].
pub(crate) fn output(command: &mut Command) -> io::Result<Output> {
    for _ in 1..TRIES {
        match command.output() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
    command.output()
}
