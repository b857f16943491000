# The packages that the flake uses. `host` has the absolute paths of this machine's bash, Node 24, npm and fake Maelstrom,
# and its PATH.
{
  lib,
  host,
  system,
}:
let
  runCommand =
    name: environment: script:
    derivation (
      removeAttrs environment [
        "meta"
        "nativeBuildInputs"
      ]
      // {
        inherit name system;
        builder = host.bash;
        PATH = builtins.concatStringsSep ":" (
          map (input: "${input}/bin") (environment.nativeBuildInputs or [ ]) ++ [ host.path ]
        );
        # Without a command after it bash becomes the script's last one. Nix takes a closed stderr for a builder's end and
        # kills what is left of it, and tools such as ln close theirs a moment before they exit.
        args = [
          "-euo"
          "pipefail"
          "-c"
          "${script}\nexit"
        ];
      }
    );

  # What is only named, never built.
  named = name: runCommand name { } "echo ${name} is not part of the stand-in; exit 1";

  # An executable `$out/bin/<name>`, or `$out` itself.
  script =
    name: path: text:
    runCommand name { inherit text; } ''
      mkdir -p "$(dirname "$out${path}")"
      printf '#!%s\n%s' ${host.bash} "$text" > $out${path}
      chmod +x $out${path}
    '';

  packages = {
    inherit lib runCommand;

    stdenv.hostPlatform = { inherit system; };

    callPackage =
      file: arguments:
      let
        function = import file;
      in
      function (builtins.intersectAttrs (builtins.functionArgs function) packages // arguments);

    writeShellScript = name: script name "";

    mkShell = { packages }: runCommand "shell" { nativeBuildInputs = packages; } "exit 1";

    nodejs_24 = runCommand "nodejs" { } ''
      mkdir -p $out/bin
      ln -s ${host.node} $out/bin/node
      printf '#!%s\nexec %s %s "$@"\n' ${host.bash} ${host.node} ${host.npm} > $out/bin/npm
      chmod +x $out/bin/npm
    '';

    maelstrom-clj = script "maelstrom" "/bin/maelstrom" ''
      PATH=/no/node/here exec ${host.node} ${host.maelstrom} "$@"
    '';

    gnuplot = named "gnuplot";
    graphviz = named "graphviz";
    nixfmt-tree = named "nixfmt-tree";
  };
in
packages
