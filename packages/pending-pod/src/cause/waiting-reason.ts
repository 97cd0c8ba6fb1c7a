// SPDX-License-Identifier: Apache-2.0
import type { ContainerFacts } from '../pod/container.ts'
import type { Cause } from './cause.ts'

/** What the kubelet's waiting reasons mean for a pod, without those by which it only says that it is not done. */
const problems: Readonly<Record<string, Cause>> = {
  ErrImagePull: 'image_pull_error',
  ImagePullBackOff: 'image_pull_error',
  ImageInspectError: 'image_pull_error',
  ErrImageNeverPull: 'image_pull_error',
  InvalidImageName: 'image_pull_error',
  RegistryUnavailable: 'image_pull_error',
  SignatureValidationFailed: 'image_pull_error',
  CreateContainerConfigError: 'config_error',
  CreateContainerError: 'create_error',
  PreCreateHookError: 'create_error',
  PreStartHookError: 'create_error',
  PostStartHookError: 'create_error',
  RunContainerError: 'create_error',
  CreatePodSandboxError: 'sandbox_network',
  ConfigPodSandboxError: 'sandbox_network',
  KillPodSandboxError: 'sandbox_network',
}

const usual = new Set(['ContainerCreating', 'PodInitializing'])
/** Reasons of a container that has run and will again. */
const crashes = new Set(['CrashLoopBackOff', 'RestartingAllContainers'])

/** Why a container waits, as far as its own status says; undefined when it says only that it is not done. */
export function problemOf({ state, role, waitingReason }: ContainerFacts): Cause | undefined {
  if (state !== 'waiting' || waitingReason === undefined || usual.has(waitingReason)) return undefined
  // The kubelet counts a main container that has crashed as one that has run: it keeps no pod Pending by itself.
  if (crashes.has(waitingReason)) return role === 'main' ? undefined : 'init_crashloop'
  return Object.hasOwn(problems, waitingReason) ? problems[waitingReason] : 'other'
}
