import type { Param } from "effect/cli"

/** The flags among a command's parameters, without what was made of their values. */
export const declaredFlags = (parameters: { readonly [name: string]: Param.Any }) =>
  Object.values(parameters)
    .map(single)
    .filter(({ kind }) => kind === "flag")

/** Their names with their dashes, short ones too. */
export const flagNames = (parameters: { readonly [name: string]: Param.Any }): ReadonlyArray<string> =>
  declaredFlags(parameters).flatMap(({ aliases, name }) => [`--${name}`].concat(aliases.map((alias) => `-${alias}`)))

const single = (parameter: Param.Any): Param.Single<Param.ParamKind, unknown> => {
  const inner = parameter as Param.Any & { readonly param?: Param.Any }
  return inner.param === undefined ? (inner as never) : single(inner.param)
}
