//! Running an image, on this computer or in an emulator, and reading what it tells.
//!
//! ```text
//! per step   0 as u32 │ number of results as u32 │ a word each
//!            1 as u32 │ number of the trap site as u32
//! ```

use super::{Image, ImageError, Outcome};
use crate::written;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

impl Image {
    /// The command that runs the image from a file: itself, or the emulator of its platform.
    pub fn command(&self, file: &Path) -> Command {
        if self.machine == std::env::consts::ARCH && cfg!(target_os = "linux") {
            return Command::new(file);
        }
        let mut command = Command::new(&self.emulator);
        command.arg(file);
        command
    }

    /// Writes the image to a file that may be executed.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        // Not in place: a file that is being run cannot be written to.
        let new = file.with_extension("new");
        std::fs::write(&new, &self.bytes)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755))?;
        }
        std::fs::rename(&new, file)
    }

    /// Runs the image, which tells bits, from a file that is written for it; what it writes to standard error goes
    /// where ours goes.
    ///
    /// # Errors
    /// It cannot be written or started, or ended otherwise than having told of all steps.
    pub fn outcomes(&self, file: &Path) -> Result<Vec<Outcome>, ImageError> {
        let fail = |what: &str, error: io::Error| ImageError::Run(format!("cannot {what}: {error}"));
        self.write(file).map_err(|error| fail(&format!("write {}", file.display()), error))?;
        let mut command = self.command(file);
        let name = command.get_program().to_string_lossy().into_owned();
        let output = written::output(command.stdin(Stdio::null()).stderr(Stdio::inherit()));
        let output = output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ImageError::Run(format!(
                "`{name}`, which runs images for {}, is not installed (package qemu-user)",
                self.machine
            )),
            _ => fail(&format!("run {name}"), error),
        })?;
        self.read(&output.stdout, output.status)
    }

    fn read(&self, told: &[u8], status: ExitStatus) -> Result<Vec<Outcome>, ImageError> {
        let (words, rest) = told.as_chunks::<8>();
        let mut words = words.iter().map(|&word| u64::from_le_bytes(word));
        let mut outcomes = Vec::new();
        for types in &self.types {
            let short =
                || ImageError::Run(format!("the image ended early, after {}: {status}", outcomes.len()));
            let head = words.next().ok_or_else(short)?;
            let (kind, number) = (head as u32, (head >> 32) as usize);
            outcomes.push(match kind {
                0 if number == types.len() => {
                    let results: Vec<u64> = words.by_ref().take(number).collect();
                    if results.len() < number {
                        return Err(short());
                    }
                    Outcome::Returned(results)
                }
                1 if number < self.traps.len() => Outcome::Trapped(self.traps[number].clone()),
                _ => return Err(ImageError::Ended(format!("the image told {head:#x}, which is nothing"))),
            });
        }
        match (status.success() && rest.is_empty(), words.next()) {
            (true, None) => Ok(outcomes),
            _ => Err(ImageError::Ended(format!("the image did not end well: {status}"))),
        }
    }
}
