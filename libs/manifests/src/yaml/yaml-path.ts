/** Keys and list indexes from the root of a document. */
export type YamlPath = readonly (string | number)[];
