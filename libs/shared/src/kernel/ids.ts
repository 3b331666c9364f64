declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Database ids: safe integers on the wire and in TypeScript, `bigint` in SQL. */
export type ClusterId = Brand<number, 'ClusterId'>;
export type SourceId = Brand<number, 'SourceId'>;
export type AppId = Brand<number, 'AppId'>;
export type GroupId = Brand<number, 'GroupId'>;
export type ReleaseId = Brand<number, 'ReleaseId'>;
export type RolloutId = Brand<number, 'RolloutId'>;
export type PrincipalId = Brand<number, 'PrincipalId'>;

/** sha256 as 64 lower-case hex digits. */
export type Digest = string;
