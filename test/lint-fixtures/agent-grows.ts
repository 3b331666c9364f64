// as: apps/agent/src/main.ts
// breaks: @typescript-eslint/no-restricted-imports
import { KubeConfig } from '@kubernetes/client-node'; // refused
import { Injectable } from '@nestjs/common'; // refused
import pg from 'pg'; // refused
