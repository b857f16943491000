# `npm test`: format, lint, types and tests.
{
  runCommand,
  nodejs_24,
  nodeModules,
  source,
}:
runCommand "glomers-tests"
  {
    nativeBuildInputs = [ nodejs_24 ];
  }
  ''
    export HOME=$TMPDIR CI=true
    mkdir glomers
    cd glomers
    cp -r --no-preserve=ownership ${source}/. .
    cp -r --no-preserve=ownership ${nodeModules}/node_modules node_modules
    chmod -R u+w .

    # A build has no /usr/bin/env.
    grep -rlI '^#!/usr/bin/env node' src test node_modules |
      xargs sed -i '1s|^#!/usr/bin/env node|#!${nodejs_24}/bin/node|'

    npm test
    touch $out
  ''
