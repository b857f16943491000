# What package-lock.json asks for, installed: `$out/node_modules`.
#
# The lock file names no URLs, so that any registry will do, and nixpkgs' own ways (buildNpmPackage, importNpmLock) have
# nothing to fetch. Here npm fetches, in a derivation that may use the network because its result is known beforehand.
# No install script runs. `target` is the system to install for, and may be another than the one that installs.
{
  lib,
  runCommand,
  nodejs_24,
  target,
}:
let
  platform = {
    x86_64-linux = "--os linux --cpu x64 --libc glibc";
    aarch64-linux = "--os linux --cpu arm64 --libc glibc";
    aarch64-darwin = "--os darwin --cpu arm64";
  };

  known = lib.importJSON ./node-modules-hashes.json;

  # Without this a store that already holds the node_modules of an older lock file would go on giving that.
  current = known.lock == builtins.hashFile "sha256" ../package-lock.json;
in
if !current then
  throw "package-lock.json has changed since the hashes of node_modules were taken: run nix/update-hashes.sh"
else
  runCommand "glomers-node-modules-${target}"
    {
      nativeBuildInputs = [ nodejs_24 ];

      outputHashMode = "recursive";
      outputHash = known.nodeModules.${target} or lib.fakeHash;

      impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [
        "NODE_EXTRA_CA_CERTS"
        "npm_config_registry"
      ];
    }
    ''
      export HOME=$TMPDIR
      cp ${../package.json} package.json
      cp ${../package-lock.json} package-lock.json
      npm ci --ignore-scripts --no-audit --no-fund ${platform.${target}}

      # npm's own notes, and the empty folders that some of its versions leave for other systems' packages.
      rm node_modules/.package-lock.json
      find node_modules -type d -empty -delete

      mkdir $out
      mv node_modules $out
    ''
