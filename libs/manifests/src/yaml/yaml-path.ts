/** Keys and list indexes from the root of a document. */
export type YamlPath = readonly (string | number)[];

/** A null of a document and how it was written: `null`, `~`, or nothing at all. */
export interface YamlNull {
  readonly path: YamlPath;
  readonly text: string;
}
