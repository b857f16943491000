# The part of nixpkgs' lib that the flake uses, under the same names and with the same meanings.
let
  inherit (builtins)
    any
    listToAttrs
    mapAttrs
    stringLength
    substring
    ;

  nameValuePair = name: value: { inherit name value; };

  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;

  within = folder: path: path == folder || hasPrefix "${folder}/" path;
in
{
  inherit listToAttrs nameValuePair;

  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);

  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (builtins.attrNames set));

  importJSON = path: builtins.fromJSON (builtins.readFile path);

  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  fetchers.proxyImpureEnvVars = [
    "http_proxy"
    "https_proxy"
    "ftp_proxy"
    "all_proxy"
    "no_proxy"
  ];

  licenses.mit.spdxId = "MIT";

  # A file set is a list of paths here.
  fileset = {
    unions = paths: map toString paths;

    toSource =
      { root, fileset }:
      builtins.path {
        name = "source";
        path = root;
        filter = path: _: any (member: within member path || within path member) fileset;
      };
  };
}
