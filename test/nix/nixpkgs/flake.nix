{
  description = "As much of nixpkgs as the flake of glomers uses, built of what is on this machine";

  outputs =
    { self }:
    let
      lib = import ./lib.nix;
      # Written by run.sh: where this machine's programs are.
      host = lib.importJSON ./host.json;
    in
    {
      inherit lib;

      legacyPackages = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ] (system: import ./packages.nix { inherit lib host system; });
    };
}
