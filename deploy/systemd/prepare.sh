#!/bin/sh
# Prepares a clone for its units: packages, face networks, documentation, static files. Run it again after `git pull`.
set -eu
cd "$(dirname "$0")/../.."
make setup
set -a
. /etc/emotion-garden/environment
SECRET_KEY_FILE=/etc/emotion-garden/secrets/secret_key
DATABASE_URL=sqlite://:memory: # None of these commands uses the site's database.
DATA_DIR=$(mktemp --directory)
set +a
trap 'rm -rf "$DATA_DIR"' EXIT
for command in build_models build_docs "collectstatic --noinput"; do
  .venv/bin/python manage.py $command --verbosity 0
done
