import type { BedCluster } from '../bed/bed.ts';
import { ApiStub } from './api-stub.ts';
import { useBed } from './bed.ts';
import { LoneAgent } from './lone-agent.ts';

/** An agent behind a switchboard on a shared cluster; there inside tests and hooks only. */
export interface StubbedAgent {
  readonly cluster: BedCluster;
  /** Everything the agent says to the API server goes through here. */
  readonly stub: ApiStub;
  readonly agent: LoneAgent;
}

/** The agent of a test file, started before its tests and stopped after them. */
export function useStubbedAgent(agentNamespace: string): StubbedAgent {
  const clusters = useBed(1);
  let started: { stub: ApiStub; agent: LoneAgent } | undefined;
  const cluster = () => {
    const [first] = clusters();
    if (first === undefined) throw new Error('no cluster');
    return first;
  };
  const parts = () => {
    if (started === undefined) throw new Error('the agent of this file was not started');
    return started;
  };
  beforeAll(async () => {
    const stub = await ApiStub.start(cluster());
    const kubeconfig = stub.kubeconfig(cluster().token);
    started = { stub, agent: await LoneAgent.start(cluster(), agentNamespace, { kubeconfig }) };
  }, 60_000);
  afterAll(async () => {
    await started?.agent.stop();
    await started?.stub.close();
  });
  return {
    get cluster() {
      return cluster();
    },
    get stub() {
      return parts().stub;
    },
    get agent() {
      return parts().agent;
    },
  };
}
