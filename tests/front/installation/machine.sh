#!/bin/sh
# A machine for the README's installation: the root of this one with a layer above it that keeps every change, and
# nothing of a bot in it. Arguments: an empty folder, the sources, the program, Discord's address, an address to listen on.
# Ends when its input does. Run as root, in namespaces of its own for mounts and processes.
set -eu
place=$1 sources=$2 program=$3 discord=$4 listen=$5
root=$place/root

mount -t tmpfs -o mode=0755 countersign "$place"
mkdir "$place/upper" "$place/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" countersign "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
for folder in run tmp; do mount -t tmpfs -o mode=1777 countersign "$root/$folder"; done
rm -rf "$root/etc/countersign" "$root/usr/local/bin/countersign"

# The sources, and what `cargo build --release` makes of them.
mkdir "$root/sources"
cp -R "$sources/README.md" "$sources/packaging" "$sources/config" "$root/sources"
install -D "$program" "$root/built/countersign"
shims=$root/usr/local/sbin
cat >"$shims/cargo" <<'SHIM'
#!/bin/sh
[ "$*" = "build --release" ] && exec install -D /built/countersign target/release/countersign
echo "cargo $*: not here" >&2
exit 1
SHIM

# systemd runs no services here: this does with the installed unit what it would, as far as files and users go.
cat >"$shims/systemctl" <<'SHIM'
#!/bin/sh
set -eu
[ "$*" = "enable --now countersign" ] || { echo "systemctl $*: not here" >&2; exit 1; }
value() { sed -n "s,^$1=,,p" /etc/systemd/system/countersign.service; }
user=$(value User)
credentials=/run/credentials/countersign.service
mkdir -p "$credentials"
value LoadCredential | while IFS=: read -r name file; do install -m 400 -o "$user" "$file" "$credentials/$name"; done
chown "$user" "$credentials"
while read -r line; do export "$line"; done </etc/countersign/environment
setsid unshare --mount sh -c "mount --bind $credentials $(value BindReadOnlyPaths | cut -d: -f2) &&
    exec setpriv --reuid=$user --regid=$(value Group) --clear-groups $(value ExecStart)" \
    </dev/null >/var/log/countersign.log 2>&1 &
SHIM
chmod 755 "$shims/cargo" "$shims/systemctl"

# What of the surroundings is the test's.
echo 'Defaults env_keep += "COUNTERSIGN_DISCORD__PROXY"' >"$root/etc/sudoers.d/countersign"
mkdir "$root/etc/countersign"
printf '%s\n' "COUNTERSIGN_DISCORD__PROXY=$discord" "COUNTERSIGN_HTTP__LISTEN=$listen" >"$root/etc/countersign/environment"

# Postgres where Debian has it.
programs=$(find /usr/lib/postgresql -name bin -type d | sort -V | tail -1)
as_postgres() {
    chroot "$root" setpriv --reuid=postgres --regid=postgres --init-groups "$@"
}
chroot "$root" install -d -o postgres /run/postgresql /cluster
as_postgres "$programs/initdb" -D /cluster --no-sync --auth=trust >/dev/null 2>&1
{ echo "local all postgres peer"; echo "local all all scram-sha-256"; } >"$root/cluster/pg_hba.conf"
as_postgres "$programs/pg_ctl" -D /cluster -l /cluster/log -w start >/dev/null \
    -o "-c listen_addresses= -c unix_socket_directories=/run/postgresql -c fsync=off"
echo ready
read -r word || true
