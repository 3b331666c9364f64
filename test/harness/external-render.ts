import {
  ExternalEngine,
  type ExternalEngineOptions,
} from '../../apps/hub/src/features/releases/external-engine/external-engine.ts';
import {
  ExternalNeeded,
  renderTarget,
  type ExternalOutput,
  type RenderRequest,
  type RenderResult,
} from '@fairlead/render';

/** Renders as a render worker and its hub do together: whatever external output is missing is made, and then again. */
export async function renderWithExternals(
  request: RenderRequest,
  options: ExternalEngineOptions,
): Promise<RenderResult> {
  const engine = new ExternalEngine(options);
  const external = new Map<string, ExternalOutput>();
  for (;;) {
    try {
      return renderTarget({ ...request, external });
    } catch (error) {
      if (!(error instanceof ExternalNeeded) || external.has(error.key)) throw error;
      external.set(error.key, await engine.run(error.request));
    }
  }
}
