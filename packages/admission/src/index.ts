export type { ShownName } from './denial.ts'
export { AdmissionFault } from './fault.ts'
export { formatImageName, type ImageName, type MalformedName, readImageName } from './image-name.ts'
export { admissionLimits } from './limits.ts'
export { type ImageUse, imagesOfObject } from './object-images.ts'
export { type AskedImage, type Question, type QuestionOptions, questionOf } from './question.ts'
export {
  type AdmissionResponse,
  type AdmissionReviewAnswer,
  type DecidedReview,
  type Decision,
  judgedReview,
  passedReview,
  unreadableReview,
} from './response.ts'
export { type AdmissionRequest, type Operation, readReview, reviewVersion } from './review.ts'
export {
  type Gate,
  type ImageAnswer,
  type ImageOutcome,
  type ImageVerdict,
  type JudgedImage,
  judgeImage,
  type VerdictFinding,
} from './verdict.ts'
export { ephemeralContainers, type Workload, workloadOf, workloads } from './workload.ts'
