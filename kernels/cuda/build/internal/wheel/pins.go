package wheel

import (
	"fmt"
	"strings"
)

// Wheel is one file of the index, and what is wanted of it.
type Wheel struct {
	Project string // as the index spells it
	Version string
	File    string
	Size    int64  // bytes
	SHA256  string // of the file, in hexadecimal
	Prefix  string // the part of it to unpack: names that begin so
}

// The wheels of ziglang carry Zig, whose `zig cc` is a clang with linker and the headers and stubs of every glibc.
const zigVersion = "0.15.2"

// Zig gives the wheel with the Zig compiler that runs on a host, named by its GOOS and GOARCH.
func Zig(hostOS, hostArch string) (Wheel, error) {
	w := Wheel{Project: "ziglang", Version: zigVersion, Prefix: "ziglang/"}
	var platform string
	switch hostOS + "/" + hostArch {
	case "linux/amd64":
		platform = "manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64"
		w.Size, w.SHA256 = 93508126, "806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130"
	case "linux/arm64":
		platform = "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64"
		w.Size, w.SHA256 = 90542084, "edc0aa60ec964a4cf462d40f68d7de242ddf37fd9a80f2afaee6397059463230"
	case "darwin/amd64":
		platform = "macosx_12_0_x86_64"
		w.Size, w.SHA256 = 97049112, "47af4f85e3e59bd672126cc026d3a01b516cad24b9a9ea075abfe8532f4c6bc1"
	case "darwin/arm64":
		platform = "macosx_12_0_arm64"
		w.Size, w.SHA256 = 92993702, "acae2a9ce67ed249ad68d42c21bc73b5f9d51a33ba5ea42f609f78683e8d9bb7"
	default:
		return Wheel{}, fmt.Errorf("wheel: no Zig is pinned for %s/%s: name a C compiler of your own", hostOS, hostArch)
	}
	w.File = fmt.Sprintf("ziglang-%s-py3-none-%s.whl", zigVersion, platform)
	return w, nil
}

// CUDAHeaders is the wheel with cuda.h and what it includes. It is the last of CUDA 12: gorgonia.org/cu does not compile
// against the signatures of 13, and older headers lack functions that it names. The headers are the same for every
// platform.
func CUDAHeaders() Wheel {
	return Wheel{
		Project: "nvidia-cuda-runtime-cu12",
		Version: "12.9.79",
		File:    "nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
		Size:    3493179,
		SHA256:  "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
		Prefix:  "nvidia/cuda_runtime/include/",
	}
}

// name is what the wheel is called in the cache: its file's name up to the extension, shortened by the platforms that
// the file also runs on.
func (w Wheel) name() string {
	short, _, _ := strings.Cut(strings.TrimSuffix(w.File, ".whl"), ".m")
	return short
}
