// First import of everything that runs in a render worker: takes the network away before any input is read. Node's
// permission model already refuses files, child processes, threads and native code, but not sockets. Rendering needs
// none of this; what is left here is a second wall for the day a flaw in a parser runs somebody's code.
import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

class ConfinedError extends Error {
  constructor(what: string) {
    super(`a render worker has no ${what}`);
    this.name = 'ConfinedError';
  }
}

const refusal = (what: string) =>
  function refuse(): never {
    throw new ConfinedError(what);
  };

/** Replaces every function of a module by a refusal, those of its classes too. */
function takeAway(module: object, what: string): void {
  for (const name of Object.getOwnPropertyNames(module)) {
    const value: unknown = Reflect.get(module, name);
    if (typeof value !== 'function') continue;
    // Objects made before this line, or by Node itself, reach the network only through the prototype.
    const prototype: unknown = Reflect.get(value, 'prototype');
    if (typeof prototype === 'object' && prototype !== null) closePrototype(prototype, what);
    Reflect.set(module, name, refusal(what));
  }
}

const opening = new Set([
  'connect',
  'listen',
  'bind',
  'send',
  'open',
  'request',
  'createConnection',
  'resolve',
  'lookup',
]);

function closePrototype(prototype: object, what: string): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const isFunction = typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function';
    if (isFunction && opening.has(name)) Reflect.set(prototype, name, refusal(what));
  }
}

for (const module of [net, tls, dgram, dns, dns.promises, http, https, http2]) takeAway(module, 'network');
syncBuiltinESMExports();

for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Reflect.deleteProperty(globalThis, name);
for (const name of ['binding', '_linkedBinding', 'dlopen', 'kill', 'getBuiltinModule']) {
  Reflect.set(process, name, refusal(`process.${name}`));
}
