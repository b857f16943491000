# The bundled `glomers`: one program, the chunks that it loads, and the Node that runs it.
{
  lib,
  runCommand,
  nodejs_24,
  nodeModules,
}:
let
  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../package.json
      ../rolldown.config.ts
      ../src
      ../tsconfig.json
    ];
  };

  manifest = lib.importJSON ../package.json;
in
runCommand "glomers-${manifest.version}"
  {
    nativeBuildInputs = [ nodejs_24 ];

    meta = {
      inherit (manifest) description;
      license = lib.licenses.mit;
      mainProgram = "glomers";
    };
  }
  ''
    cp -r --no-preserve=mode ${src}/. .
    ln -s ${nodeModules}/node_modules node_modules
    node node_modules/rolldown/bin/cli.mjs --config rolldown.config.ts

    # Maelstrom starts this very file for each node, and nixpkgs' Maelstrom gives it a PATH without Node.
    sed -i '1s|^#!.*|#!${nodejs_24}/bin/node|' dist/glomers.mjs
    chmod +x dist/glomers.mjs

    mkdir -p $out/bin $out/lib
    mv dist $out/lib/glomers
    ln -s ../lib/glomers/glomers.mjs $out/bin/glomers

    PATH="" $out/bin/glomers --version
  ''
