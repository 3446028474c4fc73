package boards

import "strings"

// GPU is an NVIDIA GPU.
type GPU struct {
	Name              string `json:"name"`
	Architecture      string `json:"architecture,omitempty"`
	ComputeCapability string `json:"compute_capability,omitempty"`
	Cores             int    `json:"cores,omitempty"` // CUDA cores, 0 if the module does not say
	Driver            Driver `json:"driver"`
}

// Driver is what is installed of the CUDA driver. That both are there does not say that it answers:
// only a program that is linked with it can ask.
type Driver struct {
	Library string `json:"library,omitempty"` // path of libcuda.so.1
	Device  string `json:"device,omitempty"`  // path of the file that leads to the kernel's half
}

// driverLibraries are where libcuda is: on a Jetson up to JetPack 5, from JetPack 6 on, elsewhere.
var driverLibraries = []string{
	"usr/lib/aarch64-linux-gnu/tegra/libcuda.so.1",
	"usr/lib/aarch64-linux-gnu/tegra/libcuda.so",
	"usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1",
	"usr/lib/aarch64-linux-gnu/libcuda.so.1",
	"usr/lib/x86_64-linux-gnu/libcuda.so.1",
	"usr/lib64/libcuda.so.1",
	"usr/lib/libcuda.so.1",
	"usr/lib/wsl/lib/libcuda.so.1",
}

// driverDevices are the files of the kernel's half: of nvgpu up to JetPack 6, and of the driver that
// PCs and JetPack 7 have.
var driverDevices = []string{"dev/nvhost-ctrl-gpu", "dev/nvgpu/igpu0/ctrl", "dev/nvidia0"}

// gpu finds the GPU: that of the family's SoC, or the first that the driver of a PC lists.
func (r *reader) gpu(family Family, m *module) *GPU {
	gpu, integrated := graphics[family]
	if !integrated {
		gpu.Name = r.listedGPU()
	} else if m != nil {
		gpu.Cores = m.cores
	}
	if gpu.Name == "" {
		return nil
	}
	gpu.Driver = Driver{Library: r.first(driverLibraries), Device: r.first(driverDevices)}
	return &gpu
}

// listedGPU returns the name of the first GPU that NVIDIA's driver lists in /proc.
func (r *reader) listedGPU() string {
	const dir = "proc/driver/nvidia/gpus"
	for _, name := range r.names(dir, "") {
		for line := range strings.Lines(r.text(dir + "/" + name + "/information")) {
			if key, value, _ := strings.Cut(line, ":"); key == "Model" {
				return clean(value)
			}
		}
	}
	return ""
}

// first returns the absolute path of the first of these files that exists.
func (r *reader) first(names []string) string {
	for _, name := range names {
		if r.exists(name) {
			return "/" + name
		}
	}
	return ""
}
