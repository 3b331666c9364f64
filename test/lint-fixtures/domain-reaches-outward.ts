// as: apps/hub/src/features/access/domain/principal.ts
// breaks: @typescript-eslint/no-restricted-imports
import { z } from 'zod'; // refused
import pg from 'pg'; // refused
import { readFileSync } from 'node:fs'; // refused
import { Injectable } from '@nestjs/common'; // refused
import { Role } from '@fairlead/shared/contracts'; // refused
import type { ApiTokenStore } from '../application/api-token.store.ts'; // refused
import type { Clock } from '../../../platform/clock/clock.ts'; // refused
import type { WhoAmI } from '@fairlead/shared/contracts';
import { unreachable } from '@fairlead/shared/kernel';
import { canonicalJson } from '@fairlead/manifests';
import { mayDo } from './role-permissions.ts';
