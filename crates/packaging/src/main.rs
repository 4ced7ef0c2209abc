//! Writes what packages ship beside the program and is made from its command line: a man page for each
//! subcommand, and completions for shells. A program of its own, so that the bot carries none of that.

use std::fs::create_dir_all;
use std::io::Result;
use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, Parser};
use clap_complete::Shell;
use countersign::cli;

/// Write man pages and completions for countersign.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Gets man/*.1 and completions/*; is created if it is missing
    folder: PathBuf,
}

fn main() -> Result<()> {
    write(&Arguments::parse().folder)
}

fn write(folder: &Path) -> Result<()> {
    let (manuals, completions) = (folder.join("man"), folder.join("completions"));
    create_dir_all(&manuals)?;
    clap_mangen::generate_to(cli::Arguments::command(), manuals)?;
    create_dir_all(&completions)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let mut command = cli::Arguments::command();
        clap_complete::generate_to(shell, &mut command, "countersign", &completions)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subcommand_has_a_page_and_is_completed() {
        let folder = std::env::temp_dir().join(format!("packaging-{}", std::process::id()));
        write(&folder).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let shells = ["countersign.bash", "_countersign", "countersign.fish"]
            .map(|file| read(&format!("completions/{file}")));
        for subcommand in cli::Arguments::command().get_subcommands() {
            let name = subcommand.get_name();
            assert!(read(&format!("man/countersign-{name}.1")).contains(".SH NAME"), "{name}");
            assert!(shells.iter().all(|text| text.contains(name)), "{name}");
        }
        assert!(read("man/countersign.1").contains("countersign\\-serve(1)"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
