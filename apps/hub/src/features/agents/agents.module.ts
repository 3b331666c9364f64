import { Module } from '@nestjs/common';
import { AgentGateway } from './http/agent.gateway.ts';

@Module({ providers: [{ provide: AgentGateway, useFactory: () => new AgentGateway() }] })
export class AgentsModule {}
