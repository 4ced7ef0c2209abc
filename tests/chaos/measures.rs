//! The resources of a process: memory, descriptors, threads; and whether they grow.

use std::fmt;
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use testkit::sockets;

/// How much the resident memory may grow from the second to the last fifth, in kilobytes. Memory that is not
/// returned yet varies, and the least of a fifth varies less the longer a fifth is: by up to 2,800 kB in runs of
/// 1,000 jobs. So a leak is found from 10 kB for each job in a short run, and from half a kilobyte in a run of
/// 10,000 jobs.
const MEMORY: f64 = 3_000.0;
const MEMORY_OF_SHORT_RUN: f64 = 6_000.0;

/// A run of fewer jobs is short.
const SHORT_RUN: usize = 5_000;

/// How many more descriptors and threads there may be; pools grow and shrink.
const DESCRIPTORS: f64 = 6.0;
const THREADS: f64 = 4.0;

/// How many connections to the database there may be at any time: the pool's, one that listens, and one that
/// keeps other versions away. They are not counted as descriptors that grow: how many are open depends on when
/// they were cut last.
const DATABASE_CONNECTIONS: usize = 26;

/// A process at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Resident memory in kilobytes.
    resident: f64,
    /// The part of it that is not of files: heap and stacks.
    anonymous: f64,
    /// The most that was resident so far.
    most: f64,
    /// Without connections to the database.
    descriptors: f64,
    database_connections: usize,
    threads: f64,
}

impl Measure {
    /// Looks at a process now, whose database is at this address: proc(5).
    pub fn of(process: u32, database: SocketAddr) -> Result<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let field = |name: &str| -> Result<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            let number = line.and_then(|line| line.split_whitespace().next());
            Ok(number.with_context(|| format!("no {name}"))?.parse()?)
        };
        let database_connections = sockets::count_connections(process, database)?;
        let descriptors = sockets::count_descriptors(process)?;
        Ok(Self {
            resident: field("VmRSS")?,
            anonymous: field("RssAnon")?,
            most: field("VmHWM")?,
            descriptors: descriptors.saturating_sub(database_connections) as f64,
            database_connections,
            threads: field("Threads")?,
        })
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resident, anonymous, most, descriptors, database_connections, threads } = self;
        let [resident, anonymous, most] = [resident, anonymous, most].map(|kb| kb / 1000.0);
        write!(
            out,
            "{resident:.1} MB resident ({anonymous:.1} MB anonymous, at most {most:.1} MB), \
             {descriptors:.0} descriptors and {database_connections} to the database, {threads:.0} threads"
        )
    }
}

/// What is measured, and by how much it may grow.
type Kind = (&'static str, fn(&Measure) -> f64, f64);

/// Measures in their order.
pub struct Series {
    measures: Vec<Measure>,
    memory: f64,
}

impl Series {
    /// How many measures a series should have.
    pub const LENGTH: usize = 50;

    /// Of a run of so many jobs.
    pub fn of(jobs: usize) -> Self {
        let memory = if jobs < SHORT_RUN { MEMORY_OF_SHORT_RUN } else { MEMORY };
        Self { measures: Vec::new(), memory }
    }

    /// One more.
    pub fn add(&mut self, measure: Measure) {
        self.measures.push(measure);
    }

    /// Fails if something grew between the second and the last fifth.
    pub fn check_growth(&self) -> Result<()> {
        let most = self.measures.iter().map(|measure| measure.database_connections).max();
        ensure!(most <= Some(DATABASE_CONNECTIONS), "{most:?} connections to the database");
        let mut grown = Vec::new();
        for (what, of, bound) in self.kinds() {
            let (early, late) = (self.fifth(1, of), self.fifth(4, of));
            if late > early + bound {
                grown.push(format!("{what}: {early:.1} at first, {late:.1} at last"));
            }
        }
        ensure!(grown.is_empty(), "grown:\n- {}", grown.join("\n- "));
        Ok(())
    }

    fn kinds(&self) -> [Kind; 3] {
        [
            ("resident memory (kB)", |measure| measure.resident, self.memory),
            ("descriptors", |measure| measure.descriptors, DESCRIPTORS),
            ("threads", |measure| measure.threads, THREADS),
        ]
    }

    /// The minimum of one fifth, counted from 0: bursts pass, leaks stay.
    fn fifth(&self, number: usize, of: fn(&Measure) -> f64) -> f64 {
        let length = self.measures.len();
        let part = &self.measures[number * length / 5..(number + 1) * length / 5];
        part.iter().map(of).fold(f64::INFINITY, f64::min)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, of, bound) in self.kinds() {
            let fifths: Vec<String> =
                (0..5).map(|fifth| format!("{:.1}", self.fifth(fifth, of))).collect();
            writeln!(
                out,
                "{what}, the least of each fifth: {} (may grow by {bound})",
                fifths.join(", ")
            )?;
        }
        Ok(())
    }
}
