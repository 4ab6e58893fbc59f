/** A call needs one of the scopes of its list. None of the vendor's scopes opens anything here. */
export const containersRead = ['lanner-containers:read'] as const
export const containersWrite = ['lanner-containers:write'] as const
export const clientsRead = ['lanner-clients:read'] as const
export const clientsWrite = ['lanner-clients:write'] as const
export const usersRead = ['lanner-users:read'] as const
export const usersWrite = ['lanner-users:write'] as const
export const eventsRead = ['lanner-events:read'] as const
export const imagesRead = ['lanner-images:read'] as const
export const advisoriesRead = ['lanner-advisories:read'] as const
export const advisoriesWrite = ['lanner-advisories:write'] as const
export const jobsRead = ['lanner-jobs:read'] as const
export const jobsWrite = ['lanner-jobs:write'] as const
export const auditRead = ['lanner-audit:read'] as const
export const statusRead = ['lanner-status:read'] as const
export const verdictsRead = ['lanner-verdicts:read'] as const
export const policiesRead = ['lanner-policies:read'] as const
export const policiesWrite = ['lanner-policies:write'] as const
