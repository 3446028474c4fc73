// Package gallery reads the cases of testdata/gallery, and runs the commands that their READMEs show.
//
// A case is a folder with a README.md. In it a block of
//
//	```sh
//	./edge-export … -o testdata/gallery/NAME/model.edge
//	./edge-infer verify testdata/gallery/NAME/model.edge
//	```
//
// holds commands that run from the root of the repository, one a line, or more lines that end in a
// backslash. Files that they write are in the repository, and are what they write to the byte. A
// ```text block after it holds lines that the program of the last command prints, in their order;
// lines may be left out.
//
// A program is tested in its own process, which works under an emulator: the tests of edge-export
// run the commands of edge-export, and those of edge-infer the others. Only tests import the package.
package gallery
