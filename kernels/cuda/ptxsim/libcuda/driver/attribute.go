package driver

// perCompute is the table "Technical Specifications per Compute Capability"
// of the CUDA C++ programming guide, for the boards' capabilities.
type perCompute struct {
	threads, blocks                 int // resident on a multiprocessor
	blockRegisters                  int
	sharedOptIn, sharedPerProcessor int // bytes
}

func specifications(compute int) perCompute {
	switch {
	case compute >= 110:
		return perCompute{1536, 24, 65536, 227 << 10, 228 << 10}
	case compute >= 89:
		return perCompute{1536, 24, 65536, 99 << 10, 100 << 10}
	case compute >= 87:
		return perCompute{1536, 16, 65536, 163 << 10, 164 << 10}
	case compute >= 72:
		return perCompute{2048, 32, 65536, 96 << 10, 96 << 10}
	default:
		return perCompute{2048, 32, 32768, 48 << 10, 64 << 10}
	}
}

const (
	maxBlockThreads = 1024
	maxGridX        = 1<<31 - 1
	maxGridYZ       = 65535
	maxBlockXY      = 1024
	maxBlockZ       = 64
	sharedPerBlock  = 48 << 10
)

// attribute answers cuDeviceGetAttribute: the numbers are CUdevice_attribute's.
// What is not listed, textures and interprocess matters, is not simulated.
func (b *Board) attribute(number int) (int, bool) {
	s := specifications(b.Compute)
	switch number {
	case 1: // MAX_THREADS_PER_BLOCK
		return maxBlockThreads, true
	case 2, 3: // MAX_BLOCK_DIM_X, _Y
		return maxBlockXY, true
	case 4: // MAX_BLOCK_DIM_Z
		return maxBlockZ, true
	case 5: // MAX_GRID_DIM_X
		return maxGridX, true
	case 6, 7: // MAX_GRID_DIM_Y, _Z
		return maxGridYZ, true
	case 8: // MAX_SHARED_MEMORY_PER_BLOCK
		return sharedPerBlock, true
	case 9: // TOTAL_CONSTANT_MEMORY
		return 64 << 10, true
	case 10: // WARP_SIZE
		return 32, true
	case 11: // MAX_PITCH
		return 1<<31 - 1, true
	case 12: // MAX_REGISTERS_PER_BLOCK
		return s.blockRegisters, true
	case 13: // CLOCK_RATE
		return b.clock, true
	case 14: // TEXTURE_ALIGNMENT
		return 512, true
	case 15: // GPU_OVERLAP
		return 1, true
	case 16: // MULTIPROCESSOR_COUNT
		return b.Multiprocessors, true
	case 17, 32, 33, 34, 35, 50, 84, 85: // KERNEL_EXEC_TIMEOUT, ECC, PCI, TCC, MULTI_GPU
		return 0, true
	case 18: // INTEGRATED
		return number01(b.Integrated), true
	case 19: // CAN_MAP_HOST_MEMORY
		return 1, true
	case 20: // COMPUTE_MODE
		return 0, true
	case 31, 41, 78, 79, 80, 83: // CONCURRENT_KERNELS, UNIFIED_ADDRESSING, STREAM_PRIORITIES, L1 caches, MANAGED_MEMORY
		return 1, true
	case 36: // MEMORY_CLOCK_RATE
		return b.memoryClock, true
	case 37: // GLOBAL_MEMORY_BUS_WIDTH
		return b.bus, true
	case 38: // L2_CACHE_SIZE
		return b.l2, true
	case 39: // MAX_THREADS_PER_MULTIPROCESSOR
		return s.threads, true
	case 40: // ASYNC_ENGINE_COUNT
		return 1, true
	case 75: // COMPUTE_CAPABILITY_MAJOR
		return b.Compute / 10, true
	case 76: // COMPUTE_CAPABILITY_MINOR
		return b.Compute % 10, true
	case 81: // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR
		return s.sharedPerProcessor, true
	case 82: // MAX_REGISTERS_PER_MULTIPROCESSOR
		return 65536, true
	case 86: // HOST_NATIVE_ATOMIC_SUPPORTED
		return number01(b.Integrated && b.Compute >= 72), true
	case 87: // SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO
		return 32, true
	case 88, 100, 101: // PAGEABLE_MEMORY_ACCESS, _USES_HOST_PAGE_TABLES, DIRECT_MANAGED_MEM_ACCESS_FROM_HOST
		return number01(b.Integrated && b.coherent), true
	case 89: // CONCURRENT_MANAGED_ACCESS
		return number01(b.coherent), true
	case 90, 95: // COMPUTE_PREEMPTION_SUPPORTED, COOPERATIVE_LAUNCH
		return number01(b.Compute >= 60), true
	case 91: // CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM
		return 0, true
	case 97: // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
		return s.sharedOptIn, true
	case 99: // HOST_REGISTER_SUPPORTED
		return number01(b.hostRegister), true
	case 106: // MAX_BLOCKS_PER_MULTIPROCESSOR
		return s.blocks, b.Driver >= 11000
	}
	return 0, false
}

func number01(b bool) int {
	if b {
		return 1
	}
	return 0
}
