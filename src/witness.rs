//! The real processor as a witness: runs a [`Probe`] in a process of its own and reads what it reports.
//!
//! Nothing of ours is at stake: the probe is an executable without libraries, and whatever the code in it does
//! ends with its process. This is not how programs are run; those go through [`crate::native`], which takes proven
//! code alone.

use crate::written;
use framewright_verifier::probe::{BadOutput, Outcome, Probe, Window};
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

/// Why the processor says nothing.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// No host of that machine, and no emulator for it.
    #[error("this host cannot run {machine} code")]
    Host {
        /// The machine of the probe.
        machine: &'static str,
    },
    /// The operating system refused.
    #[error("cannot {what}: {source}")]
    System {
        /// What was asked for.
        what: &'static str,
        /// Its reason.
        source: io::Error,
    },
    /// The code stopped: a signal, or an exit that is not the probe's.
    #[error("the code ended the process: {status}")]
    Ended {
        /// How.
        status: ExitStatus,
    },
    /// It wrote something else.
    #[error(transparent)]
    Output(#[from] BadOutput),
}

/// Runs a probe: the outcome of each experiment, and the memory windows after all of them.
///
/// # Errors
/// The host cannot run it; the code in it faulted.
pub fn run(probe: &Probe) -> Result<(Vec<Outcome>, Vec<Window>), WitnessError> {
    if !cfg!(target_os = "linux") || probe.machine != std::env::consts::ARCH {
        return Err(WitnessError::Host { machine: probe.machine });
    }
    let file = Executable::write(&probe.image)?;
    let output = file.run()?;
    if !output.status.success() {
        return Err(WitnessError::Ended { status: output.status });
    }
    Ok(probe.outcomes(&output.stdout)?)
}

/// A file that goes with its owner.
struct Executable {
    path: PathBuf,
}

impl Executable {
    fn write(image: &[u8]) -> Result<Executable, WitnessError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("framewright-{}-{count}", std::process::id()));
        let system = |source| WitnessError::System { what: "write an executable", source };
        let file = Executable { path };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o700);
        let mut handle = options.open(&file.path).map_err(system)?;
        io::Write::write_all(&mut handle, image).map_err(system)?;
        Ok(file)
    }

    fn run(&self) -> Result<std::process::Output, WitnessError> {
        let mut command = Command::new(&self.path);
        let output = written::output(command.env_clear().stdin(Stdio::null()));
        output.map_err(|source| WitnessError::System { what: "start a process", source })
    }
}

impl Drop for Executable {
    fn drop(&mut self) {
        // A file left behind harms nobody.
        let _ = std::fs::remove_file(&self.path);
    }
}
