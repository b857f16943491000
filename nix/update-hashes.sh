#!/usr/bin/env bash
# Writes nix/node-modules-hashes.json: what `npm ci` makes of package-lock.json on each system. To be run whenever the
# lock file changes; any one system will do for all. Arguments are passed on to `nix build`.
set -euo pipefail
cd "$(dirname "$0")/.."

file=nix/node-modules-hashes.json
targets=(x86_64-linux aarch64-linux aarch64-darwin)
lock=$(sha256sum package-lock.json | cut -d ' ' -f 1)
entries=()

write() {
  local IFS=,
  printf '{"lock":"%s","nodeModules":{%s}}' "$lock" "${entries[*]}" |
    node -e 'process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf8")), null, 2) + "\n")' >"$file"
}

write
for target in "${targets[@]}"; do
  # With a hash that cannot be right Nix installs, refuses the result, and says what its hash is.
  log=$(nix build --no-link "$@" ".#nodeModules.$target" 2>&1) || true
  hash=$(sed -n 's/^ *got: *\(sha256-[^ ]*\)$/\1/p' <<<"$log")
  if [[ -z $hash ]]; then
    printf '%s\n' "$log" "No hash for $target; $file is not complete." >&2
    exit 1
  fi
  echo "$target $hash"
  entries+=("\"$target\":\"$hash\"")
done
write
