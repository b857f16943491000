#!/usr/bin/env bash
# Writes nix/node-modules-hashes.json: what `npm ci` makes of package-lock.json on each system. To be run whenever the
# lock file changes; any one system will do for all. Arguments are passed on to `nix build`.
set -euo pipefail
cd "$(dirname "$0")/.."

hashes=nix/node-modules-hashes.json
targets=(x86_64-linux aarch64-linux aarch64-darwin)

# As much of the flake as node_modules depends on, with no hashes known, whether git knows the files or not.
flake=$(mktemp -d)
trap 'rm -rf "$flake"' EXIT
cp -r flake.nix flake.lock nix package.json package-lock.json "$flake"

write() { # FILE ENTRY...
  local IFS=,
  printf '{"lock":"%s","nodeModules":{%s}}' "$(sha256sum package-lock.json | cut -d ' ' -f 1)" "${*:2}" |
    node -e 'console.log(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf8")), null, 2))' >"$1"
}

write "$flake/$hashes"

entries=()
for target in "${targets[@]}"; do
  # Nix installs, refuses what it got for want of a hash, and says what the hash would be.
  log=$(nix build --no-link "$@" "path:$flake#nodeModules.$target" 2>&1) || true
  hash=$(sed -n 's/^ *got: *\(sha256-[^ ]*\)$/\1/p' <<<"$log")
  if [[ -z $hash ]]; then
    printf '%s\n' "$log" "There is no hash for $target; $hashes is as it was." >&2
    exit 1
  fi
  echo "$target $hash"
  entries+=("\"$target\":\"$hash\"")
done
write "$hashes" "${entries[@]}"
