#!/usr/bin/env bash
# Checks the flake without nixpkgs and without a binary cache: README.md beside this says what that shows and what not.
#
#   test/nix/run.sh                    evaluates every output, and runs some
#   test/nix/run.sh --update-hashes    writes nix/node-modules-hashes.json anew
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

home=$(cd "$(mktemp -d)" && pwd -P)
trap 'chmod -R u+w "$home"; rm -rf "$home"' EXIT

# Nix with a store of its own, for which it needs neither a daemon nor to be root.
export NIX_STORE_DIR=$home/store NIX_STATE_DIR=$home/var NIX_LOG_DIR=$home/log NIX_CONF_DIR=$home/etc
export NIX_REMOTE=local NIX_USER_CONF_FILES=/dev/null XDG_CACHE_HOME=$home/cache
export NIX_CONFIG="
experimental-features = nix-command flakes
build-users-group =
sandbox = false
substituters =
flake-registry =
"

# The build of node_modules sees no configuration of npm, only this.
npm_config_registry=$(npm config get registry)
export npm_config_registry

# The stand-in for nixpkgs, told where this machine's programs are.
node=$root/node_modules/node/bin/node
cp -r test/nix/nixpkgs "$home/nixpkgs"
"$node" -e 'console.log(JSON.stringify(Object.fromEntries(process.argv.slice(1).map((pair) => pair.split(/=(.*)/s)))))' \
  "bash=$(command -v bash)" \
  "node=$node" \
  "npm=$(readlink -f "$(command -v npm)")" \
  "maelstrom=$root/test/maelstrom/fake-maelstrom.mjs" \
  "path=$PATH" >"$home/nixpkgs/host.json"
standIn=(--offline --override-input nixpkgs "path:$home/nixpkgs")

if [[ ${1-} == --update-hashes ]]; then
  nix/update-hashes.sh "${standIn[@]}"
  exit
fi

# The checkout, without what git ignores: Nix copies all of a folder into its store.
mkdir "$home/glomers"
tar -c --exclude=./.git --exclude=./node_modules --exclude=./dist --exclude=./store . | tar -x -C "$home/glomers"
flake=path:$home/glomers

# Not a word about each file evaluated, nor that the lock file is not written because its nixpkgs is overridden.
quiet=(--quiet --quiet --quiet)

say() { printf '\n== %s\n' "$*"; }

say "flake.lock is what flake.nix asks for"
nix flake metadata --offline --no-update-lock-file --json "$flake" | grep -o '"lastModified":[^}]*'

say "nix flake show lists every challenge"
nix flake show "${standIn[@]}" "${quiet[@]}" --json "$flake" >"$home/outputs.json"
"$node" test/nix/everyChallenge.ts "$home/outputs.json"

say "nix flake check evaluates every output"
nix flake check "${standIn[@]}" "${quiet[@]}" --no-build "$flake"

say "nix build installs a glomers that runs without a PATH"
nix build "${standIn[@]}" --out-link "$home/built" "$flake"
PATH="" "$home/built/bin/glomers" --version

# What is run leaves its results in the folder that it is run in.
cd "$home"

for command in "workbench -- 1" "challenge-4" "challenge-4 -- --rate 10 --time-limit 1" "challenge-3e" "challenge-6"; do
  say "nix run .#$command"
  # shellcheck disable=SC2086
  nix run "${standIn[@]}" "${quiet[@]}" "$flake#"$command
done

say "nix run .#challenge-4 -- --rate fast: Maelstrom gets what follows --, and refuses it"
if nix run "${standIn[@]}" "${quiet[@]}" "$flake#challenge-4" -- --rate fast; then
  exit 1
fi
