import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';

// Readers for documents whose shape was checked: what is absent or null gives undefined or empty.

export function textOf(value: Json | undefined, key: string): string | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'string' ? field : undefined;
}

export function flagOf(value: Json | undefined, key: string): boolean | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'boolean' ? field : undefined;
}

export function numberOf(value: Json | undefined, key: string): number | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'number' ? field : undefined;
}

export function objectOf(value: Json | undefined, key: string): JsonObject | undefined {
  const field = fieldOf(value, key);
  return isJsonObject(field) ? field : undefined;
}

export function listOf(value: Json | undefined, key: string): readonly Json[] {
  const field = fieldOf(value, key);
  return Array.isArray(field) ? field : [];
}

export function textsOf(value: Json | undefined, key: string): string[] {
  return listOf(value, key).filter((item) => typeof item === 'string');
}

export function textMapOf(value: Json | undefined, key: string): Record<string, string> {
  const entries = Object.entries(objectOf(value, key) ?? {});
  return Object.fromEntries(entries.map(([name, text]) => [name, typeof text === 'string' ? text : '']));
}
