# Makes a bare machine of this one, for `unshare --mount --net --pid --fork`: FOLDER ROOT BASE_PREFIX SCRIPT
# Its own /etc, /opt, /run, /var/lib, network and processes; the programs are those that are installed here.
set -eu
folder=$1 root=$2 python=$3 script=$4
mount --make-rprivate /

# The user of the garden must reach Python and its packages, also where they lie in a home that is closed to others.
mkdir "$folder/root" "$folder/python"
mount --bind "$root" "$folder/root"
mount --bind "$python" "$folder/python"
if ! runuser --user nobody -- test -x "$python" -a -x "$root"; then
  mount -t tmpfs -o mode=755 none "$HOME"
  mkdir -p "$root" "$python"
  mount --bind "$folder/root" "$root"
  mount --bind "$folder/python" "$python"
fi

cp -a /etc "$folder/etc"
mount --bind "$folder/etc" /etc
for path in /opt /run /var/lib /usr/local/sbin /usr/share/keyrings; do
  mount -t tmpfs -o mode=755 none "$path"
done
mkdir -p /etc/caddy /etc/apt/sources.list.d
ip link set lo up

# What the packages of Debian start by themselves: PostgreSQL for its own user and with passwords. Redis is started with its file.
install --directory --owner postgres --group postgres /run/postgresql /var/lib/postgresql
install --directory --owner redis --group redis /var/lib/redis
postgresql=$(ls --directory /usr/lib/postgresql/*/bin | tail -1)
runuser --user postgres -- "$postgresql/initdb" --auth-local peer --auth-host scram-sha-256 --no-sync /var/lib/postgresql/data >/dev/null
runuser --user postgres -- "$postgresql/pg_ctl" --pgdata /var/lib/postgresql/data --wait --log /var/lib/postgresql/log start >/dev/null

PATH=$folder/replaced:/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin
export PATH
exec bash "$script"
