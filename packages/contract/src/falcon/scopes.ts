/** A call needs one of the scopes of its list. */
export const imageRead = ['falcon-container-image:read'] as const
export const imageWrite = ['falcon-container-image:write'] as const
export const cliRead = ['falcon-container-cli:read'] as const
export const cliWrite = ['falcon-container-cli:write'] as const
/** For tokens that pull from the registry. */
export const pullRead = ['falcon-container:read'] as const
export const tokensRead = ['installation-tokens:read'] as const
export const tokensWrite = ['installation-tokens:write'] as const
export const tokenSettingsWrite = ['installation-tokens-settings:write'] as const
