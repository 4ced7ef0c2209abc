//! How the program asks the system for the names of hosts and users where the C library is linked in, as in packages.

/// Has files and DNS asked alone, whatever `/etc/nsswitch.conf` says. Call it before the first thread.
///
/// glibc loads a module for each other word there, such as `resolve` or `systemd`. The module brings the system's own
/// glibc with it, and if that is of another version than ours, the first look-up ends the process (seen on Debian 11
/// and 13). Files and DNS are in the program.
#[cfg(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static"))]
pub(super) fn stay_built_in() {
    use std::ffi::{c_char, c_int};

    unsafe extern "C" {
        fn __nss_configure_lookup(database: *const c_char, services: *const c_char) -> c_int;
    }
    for (database, services) in [(c"hosts", c"files dns"), (c"passwd", c"files")] {
        // SAFETY: both end in a zero byte and are static, and no other thread looks anything up yet. It can only
        // refuse the name of a database, and there are these two.
        unsafe { __nss_configure_lookup(database.as_ptr(), services.as_ptr()) };
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static")))]
pub(super) fn stay_built_in() {}
