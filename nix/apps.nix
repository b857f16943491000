# `nix run .#challenge-4`: a challenge under the real Maelstrom. `nix run .#workbench`: all of them in the embedded one.
#
# The official flags are in the program (src/challenges/Official.ts), not here. What follows `--` is passed on.
{
  lib,
  pkgs,
  glomers,
}:
let
  ids = [
    "1"
    "2"
    "3a"
    "3b"
    "3c"
    "3d"
    "3e"
    "4"
    "5a"
    "5b"
    "5c"
    "6a"
    "6b"
    "6c"
  ];

  # A number alone is the last of its parts, which asks for the most.
  last = {
    "3" = "3e";
    "5" = "5c";
    "6" = "6c";
  };

  app = name: description: command: {
    type = "app";
    program = "${pkgs.writeShellScript name command}";
    meta = { inherit description; };
  };

  challenge =
    id:
    app "glomers-challenge-${id}" "Run challenge ${id} under Maelstrom with its official flags" ''
      export MAELSTROM=${pkgs.maelstrom-clj}/bin/maelstrom
      exec ${glomers}/bin/glomers maelstrom ${id} "$@"
    '';

  workbench = app "glomers-workbench" "Run challenges in the embedded workbench, all unless told otherwise" ''
    exec ${glomers}/bin/glomers test "''${@:-all}"
  '';
in
lib.listToAttrs (map (id: lib.nameValuePair "challenge-${id}" (challenge id)) ids)
// lib.mapAttrs' (number: id: lib.nameValuePair "challenge-${number}" (challenge id)) last
// {
  inherit workbench;
  default = workbench;
}
