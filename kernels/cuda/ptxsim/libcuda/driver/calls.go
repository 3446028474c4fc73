package driver

// definition says how a driver call is answered.
type definition struct {
	arguments int
	needs     need
	run       func(*call) Result
	pointers  []int       // arguments that must not be null
	unsafe    bool        // not while a capture that watches for it is under way
	refused   func(*call) // where the call fails on request: what else it does
}

type need int

const (
	nothing need = iota
	initialisation
	currentContext
)

// calls is every driver call that there is, with the arguments as libcuda.c
// passes them on: those of the C interface in their order, and the length of
// a PTX text or a name after it.
var calls = map[string]definition{
	"cuInit":             {arguments: 1, run: (*call).initialise},
	"cuDriverGetVersion": {arguments: 1, run: (*call).driverVersion, pointers: []int{0}},

	"cuDeviceGetCount":     {arguments: 1, needs: initialisation, run: (*call).deviceCount, pointers: []int{0}},
	"cuDeviceGet":          {arguments: 2, needs: initialisation, run: (*call).device, pointers: []int{0}},
	"cuDeviceGetName":      {arguments: 3, needs: initialisation, run: (*call).deviceName, pointers: []int{0}},
	"cuDeviceTotalMem_v2":  {arguments: 2, needs: initialisation, run: (*call).deviceMemory, pointers: []int{0}},
	"cuDeviceGetAttribute": {arguments: 3, needs: initialisation, run: (*call).deviceAttribute, pointers: []int{0}},
	"cuDeviceGetUuid":      {arguments: 2, needs: initialisation, run: (*call).deviceUUID, pointers: []int{0}},

	"cuDevicePrimaryCtxRetain":      {arguments: 2, needs: initialisation, run: (*call).primaryRetain, pointers: []int{0}},
	"cuDevicePrimaryCtxRelease":     {arguments: 1, needs: initialisation, run: (*call).primaryRelease},
	"cuDevicePrimaryCtxRelease_v2":  {arguments: 1, needs: initialisation, run: (*call).primaryRelease},
	"cuDevicePrimaryCtxSetFlags":    {arguments: 2, needs: initialisation, run: (*call).primarySetFlags},
	"cuDevicePrimaryCtxSetFlags_v2": {arguments: 2, needs: initialisation, run: (*call).primarySetFlags},

	"cuCtxCreate_v2":      {arguments: 3, needs: initialisation, run: (*call).contextCreate, pointers: []int{0}},
	"cuCtxDestroy_v2":     {arguments: 1, needs: initialisation, run: (*call).contextDestroy},
	"cuCtxSetCurrent":     {arguments: 1, needs: initialisation, run: (*call).contextSet},
	"cuCtxGetCurrent":     {arguments: 1, needs: initialisation, run: (*call).contextGet, pointers: []int{0}},
	"cuCtxPushCurrent_v2": {arguments: 1, needs: initialisation, run: (*call).contextPush},
	"cuCtxPopCurrent_v2":  {arguments: 1, needs: initialisation, run: (*call).contextPop},
	"cuCtxGetDevice":      {arguments: 1, needs: currentContext, run: (*call).contextDevice, pointers: []int{0}},
	"cuCtxSynchronize":    {arguments: 0, needs: currentContext, run: (*call).contextSynchronize},

	"cuModuleLoadData":    {arguments: 3, needs: currentContext, run: (*call).moduleLoad, pointers: []int{0, 1}, unsafe: true},
	"cuModuleLoadDataEx":  {arguments: 6, needs: currentContext, run: (*call).moduleLoad, pointers: []int{0, 1}, unsafe: true, refused: (*call).moduleRefused},
	"cuModuleGetFunction": {arguments: 4, needs: currentContext, run: (*call).moduleFunction, pointers: []int{0, 2}},
	"cuModuleUnload":      {arguments: 1, needs: currentContext, run: (*call).moduleUnload, unsafe: true},
	"cuFuncGetAttribute":  {arguments: 3, needs: currentContext, run: (*call).functionAttribute, pointers: []int{0}},
	"cuFuncSetAttribute":  {arguments: 3, needs: currentContext, run: (*call).functionSetAttribute},

	"cuMemGetInfo_v2": {arguments: 2, needs: currentContext, run: (*call).memoryInfo},
	"cuMemAlloc_v2":   {arguments: 2, needs: currentContext, run: (*call).memoryAlloc, pointers: []int{0}, unsafe: true},
	"cuMemFree_v2":    {arguments: 1, needs: currentContext, run: (*call).memoryFree, unsafe: true},

	"cuMemHostAlloc":               {arguments: 3, needs: currentContext, run: (*call).hostAlloc, unsafe: true},
	"cuMemAllocHost_v2":            {arguments: 2, needs: currentContext, run: (*call).hostAlloc, unsafe: true},
	"cuMemFreeHost":                {arguments: 1, needs: currentContext, run: (*call).hostFree, unsafe: true},
	"cuMemHostRegister_v2":         {arguments: 3, needs: currentContext, run: (*call).hostRegister, unsafe: true},
	"cuMemHostUnregister":          {arguments: 1, needs: currentContext, run: (*call).hostUnregister, unsafe: true},
	"cuMemHostGetDevicePointer_v2": {arguments: 3, needs: currentContext, run: (*call).hostDevicePointer, pointers: []int{0}},

	"cuMemcpyHtoD_v2":      {arguments: 3, needs: currentContext, run: (*call).copyToDevice, unsafe: true},
	"cuMemcpyDtoH_v2":      {arguments: 3, needs: currentContext, run: (*call).copyToHost, unsafe: true},
	"cuMemcpyDtoD_v2":      {arguments: 3, needs: currentContext, run: (*call).copyOnDevice},
	"cuMemcpyHtoDAsync_v2": {arguments: 4, needs: currentContext, run: (*call).copyToDeviceAsync},
	"cuMemcpyDtoHAsync_v2": {arguments: 4, needs: currentContext, run: (*call).copyToHostAsync},
	"cuMemsetD8_v2":        {arguments: 3, needs: currentContext, run: (*call).fill8},
	"cuMemsetD32_v2":       {arguments: 3, needs: currentContext, run: (*call).fill32},
	"cuMemsetD8Async":      {arguments: 4, needs: currentContext, run: (*call).fill8},
	"cuMemsetD32Async":     {arguments: 4, needs: currentContext, run: (*call).fill32},

	"cuStreamCreate":          {arguments: 2, needs: currentContext, run: (*call).streamCreate, pointers: []int{0}},
	"cuStreamDestroy_v2":      {arguments: 1, needs: currentContext, run: (*call).streamDestroy},
	"cuStreamSynchronize":     {arguments: 1, needs: currentContext, run: (*call).streamSynchronize},
	"cuStreamQuery":           {arguments: 1, needs: currentContext, run: (*call).streamQuery},
	"cuStreamBeginCapture_v2": {arguments: 2, needs: currentContext, run: (*call).captureBegin},
	"cuStreamEndCapture":      {arguments: 2, needs: currentContext, run: (*call).captureEnd, pointers: []int{1}},

	"cuGraphInstantiate":          {arguments: 5, needs: currentContext, run: (*call).graphInstantiate, pointers: []int{0}},
	"cuGraphInstantiate_v2":       {arguments: 5, needs: currentContext, run: (*call).graphInstantiate, pointers: []int{0}},
	"cuGraphInstantiateWithFlags": {arguments: 3, needs: currentContext, run: (*call).graphInstantiate, pointers: []int{0}},
	"cuGraphLaunch":               {arguments: 2, needs: currentContext, run: (*call).graphLaunch},
	"cuGraphDestroy":              {arguments: 1, needs: currentContext, run: (*call).graphDestroy},
	"cuGraphExecDestroy":          {arguments: 1, needs: currentContext, run: (*call).graphDestroy},

	"cuEventCreate":      {arguments: 2, needs: currentContext, run: (*call).eventCreate, pointers: []int{0}},
	"cuEventDestroy_v2":  {arguments: 1, needs: currentContext, run: (*call).eventDestroy},
	"cuEventRecord":      {arguments: 2, needs: currentContext, run: (*call).eventRecord},
	"cuEventSynchronize": {arguments: 1, needs: currentContext, run: (*call).eventSynchronize},
	"cuEventQuery":       {arguments: 1, needs: currentContext, run: (*call).eventQuery},
	"cuEventElapsedTime": {arguments: 3, needs: currentContext, run: (*call).eventElapsed, pointers: []int{0}},

	"cuLaunchKernel": {arguments: 11, needs: currentContext, run: (*call).launchKernel},
}
