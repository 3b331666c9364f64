import { Body, Controller, HttpCode, Inject, Ip, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AgentTokenRequest, AgentTokenResponse, EnrollRequest, EnrollResponse } from '@fairlead/shared/contracts';
import { Public } from '../../../platform/http/access.decorators.ts';
import { AgentTokens } from '../application/agent-tokens.ts';
import { EnrolCluster } from '../application/enrol-cluster.ts';

@ApiTags('agents')
@Controller('agent/v1')
export class EnrolmentController {
  readonly #enrolment: EnrolCluster;
  readonly #tokens: AgentTokens;

  constructor(@Inject(EnrolCluster) enrolment: EnrolCluster, @Inject(AgentTokens) tokens: AgentTokens) {
    this.#enrolment = enrolment;
    this.#tokens = tokens;
  }

  @Post('enroll')
  @HttpCode(200)
  @Public('the join token in the body is checked')
  @ApiOkResponse({ standardSchema: EnrollResponse })
  enroll(@Body({ schema: EnrollRequest }) body: EnrollRequest, @Ip() address: string): Promise<EnrollResponse> {
    return this.#enrolment.enrol(body, address);
  }

  @Post('token')
  @HttpCode(200)
  @Public("the assertion signed with the agent's key is checked")
  @ApiOkResponse({ standardSchema: AgentTokenResponse })
  token(@Body({ schema: AgentTokenRequest }) body: AgentTokenRequest): Promise<AgentTokenResponse> {
    return this.#tokens.issue(body.client_assertion);
  }
}
