package main

import (
	"bytes"
	"embed"
	"fmt"
	"text/template"
)

// files are what packages hold beside what is built. The units of systemd are templates, since those of the package
// with CUDA open the GPU too.
//
//go:embed files
var files embed.FS

// services are the units, each files/NAME.tmpl.
var services = []string{
	"edge-infer@.service",
	"edge-infer-verify@.service",
}

// flavour is which package of edge-infer is made.
type flavour struct {
	CUDA bool
}

// Package is the name of the package.
func (f flavour) Package() string {
	if f.CUDA {
		return infer.name + "-cuda"
	}
	return infer.name
}

// service is the text of a unit.
func service(name string, f flavour) ([]byte, error) {
	templates, err := template.ParseFS(files, "files/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("package: %w", err)
	}
	var unit bytes.Buffer
	if err := templates.ExecuteTemplate(&unit, name+".tmpl", f); err != nil {
		return nil, fmt.Errorf("package: %w", err)
	}
	return unit.Bytes(), nil
}

// file is one of the files that is as it is.
func file(name string) []byte {
	content, err := files.ReadFile("files/" + name)
	if err != nil {
		panic("package: " + err.Error()) // it is embedded
	}
	return content
}
