import type { Interpreter } from '../../../src/package/index.js';

/** A CPython on x86-64 Linux, as its probe would tell. */
export function pretendInterpreter(version: string, change: Partial<Interpreter> = {}): Interpreter {
  const [major = '3', minor = '11'] = version.split('.');
  const here = `cp${major}${minor}`;
  const platforms = ['manylinux_2_36_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'linux_x86_64'];
  return {
    path: `/usr/bin/python${major}.${minor}`,
    executable: `/usr/bin/python${major}.${minor}`,
    realExecutable: `/usr/bin/python${major}.${minor}`,
    version,
    implementation: 'cpython',
    prefix: '/usr',
    isVirtual: false,
    pipVersion: '24.0',
    canInstall: true,
    tags: [
      ...platforms.map((platform) => `${here}-${here}-${platform}`),
      ...platforms.map((platform) => `${here}-abi3-${platform}`),
      ...platforms.map((platform) => `cp38-abi3-${platform}`),
      `py${major}${minor}-none-any`,
      'py3-none-any',
    ],
    markers: {
      os_name: 'posix',
      sys_platform: 'linux',
      platform_machine: 'x86_64',
      platform_python_implementation: 'CPython',
      platform_release: '6.1.0',
      platform_system: 'Linux',
      platform_version: '#1',
      python_version: `${major}.${minor}`,
      python_full_version: version,
      implementation_name: 'cpython',
      implementation_version: version,
    },
    ...change,
  };
}
