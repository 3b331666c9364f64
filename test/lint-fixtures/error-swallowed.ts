// as: apps/hub/src/features/access/application/refusal-log.ts
// breaks: no-empty
try { JSON.parse('x'); } catch {} // refused
