export const nodeArguments: readonly string[];
export function nodeBinary(): string;
