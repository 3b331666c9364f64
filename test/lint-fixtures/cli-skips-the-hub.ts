// as: apps/cli/src/main.ts
// breaks: @typescript-eslint/no-restricted-imports
import pg from 'pg'; // refused
import { KubeConfig } from '@kubernetes/client-node'; // refused
import { Command } from 'commander';
