{
  description = "The Gossip Glomers distributed-systems challenges on Effect, with an embedded workbench";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;

      # The systems that the pinned nixpkgs supports and Node is built for. Nixpkgs 26.11 dropped x86_64-darwin: naming
      # it here would make `nix flake show --all-systems` and everything else that looks at it fail.
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];

      forEachSystem = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});

      nodeModules = pkgs: target: pkgs.callPackage ./nix/node-modules.nix { inherit target; };

      glomers =
        pkgs:
        pkgs.callPackage ./nix/glomers.nix {
          nodeModules = nodeModules pkgs pkgs.stdenv.hostPlatform.system;
        };
    in
    {
      packages = forEachSystem (pkgs: {
        default = glomers pkgs;
      });

      apps = forEachSystem (
        pkgs:
        import ./nix/apps.nix {
          inherit lib pkgs;
          glomers = glomers pkgs;
        }
      );

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.nodejs_24
            pkgs.maelstrom-clj
            pkgs.gnuplot
            pkgs.graphviz
          ];
        };
      });

      checks = forEachSystem (pkgs: {
        build = glomers pkgs;
        tests = pkgs.callPackage ./nix/tests.nix {
          source = self;
          nodeModules = nodeModules pkgs pkgs.stdenv.hostPlatform.system;
        };
      });

      formatter = forEachSystem (pkgs: pkgs.nixfmt-tree);

      # Every system's node_modules, installable on any: what nix/update-hashes.sh goes through.
      legacyPackages = forEachSystem (pkgs: {
        nodeModules = lib.genAttrs systems (nodeModules pkgs);
      });
    };
}
