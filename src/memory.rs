//! Gives back to the system what is not used any more.

/// The future of an interaction takes some 50 kB. The C library keeps such pieces for later between
/// smaller ones that live long, in up to eight pools for each core, so that after a burst it holds ten
/// times what is in use: 5 MB were, and 80 MB resident (`tests/chaos`, `endurance`). Larger pieces than
/// this are asked of the system, and go back to it at once.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const PIECE: i32 = 32 << 10;

/// What may stay free at the end of a pool.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SPARE: i32 = 128 << 10;

/// How many pools there are.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const POOLS: i32 = 2;

/// Sets that up, before there are other threads. Does nothing where the C library is another one.
pub fn is_given_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let settings = [
            (libc::M_MMAP_THRESHOLD, PIECE),
            (libc::M_TRIM_THRESHOLD, SPARE),
            (libc::M_ARENA_MAX, POOLS),
        ];
        for (setting, value) in settings {
            // SAFETY: it takes two numbers and changes the allocator's own state under its lock. One
            // that it refuses stays as it was, which is no harm.
            unsafe { libc::mallopt(setting, value) };
        }
    }
}
