package sheet

import "io"

// Text gives the text of a file as UTF-8 without its mark, whatever of the encodings in use it is in; the error is the fault
// sheet-encoding, or that of src itself.
func Text(name string, src io.ReaderAt, size int64) (io.Reader, error) {
	return decoded(name, src, size)
}

// Clean drops what no cell should carry: invalid bytes, control characters, zero-width marks, outer space.
func Clean(s string) string { return clean(s) }

// Broken is why a record of a file cannot be read: a stable code, and a Chinese sentence with {0} places.
type Broken struct {
	Code string
	Text string
	Args []any
}
