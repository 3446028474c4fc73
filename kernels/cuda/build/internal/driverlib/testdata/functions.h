/* The driver functions of this program. Generated. */
GUARDED(0, cuCtxCreate_v2)
FUNCTION(1, cuDeviceGetCount)
FUNCTION(2, cuLaunchKernel)
GUARDED(3, cuModuleLoadDataEx)
