#!/bin/sh
# Creates the secrets of a site. For compose, with .env for its host name: deploy/make_secrets.sh garden.example.org
# For units, with the host of PostgreSQL and Redis: deploy/make_secrets.sh garden.example.org /etc/emotion-garden/secrets localhost
# Existing files are kept, so it can be run again. Only the owner can open the folder; the files in it are readable, because
# containers run as another user and see only the files mounted for them.
set -eu
site=${1:?"usage: deploy/make_secrets.sh HOST [FOLDER [SERVER]]"}
folder=${2:-secrets}
server=${3:-}
umask 077
mkdir -p "$folder"

random() { # COUNT: only letters and digits, because they are used in URLs
  LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c "$1"
}
keep() { # NAME: writes standard input, unless the file exists
  if [ -e "$folder/$1" ]; then cat >/dev/null; else cat >"$folder/$1"; chmod 444 "$folder/$1"; echo "made $folder/$1"; fi
}

random 64 | keep secret_key
random 40 | keep metrics_token
random 32 | keep database_password
random 32 | keep redis_password
echo "postgres://garden:$(cat "$folder/database_password")@${server:-postgres}:5432/garden" | keep database_url
redis="redis://:$(cat "$folder/redis_password")@${server:-redis}:6379/0"
if [ "$server" ]; then
  echo "$redis" | keep broker_url
  exit
fi
echo "$redis" | keep redis_url
random 24 | keep grafana_password
printf 'default_user = garden\ndefault_pass = %s\n' "$(random 32)" | keep rabbitmq_conf
password=$(sed -n 's/^default_pass = //p' "$folder/rabbitmq_conf")
echo "amqp://garden:$password@rabbitmq:5672//" | keep rabbitmq_url
printf '[default]\naws_access_key_id = garden\naws_secret_access_key = %s\n' "$(random 40)" | keep aws_credentials
key=$(sed -n 's/^aws_access_key_id = //p' "$folder/aws_credentials")
secret=$(sed -n 's/^aws_secret_access_key = //p' "$folder/aws_credentials")
cat <<JSON | keep s3_identities
{
  "identities": [
    {
      "name": "garden",
      "credentials": [{ "accessKey": "$key", "secretKey": "$secret" }],
      "actions": ["Admin", "Read", "Write", "List", "Tagging"]
    },
    { "name": "anonymous", "actions": ["Read:emotion-garden"] }
  ]
}
JSON
[ -e .env ] || { echo "SITE=$site" >.env; echo "made .env"; }
