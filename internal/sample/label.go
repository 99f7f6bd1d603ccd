package sample

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// codeOf is the QR code of a text as the path of a drawing of size × size squares, quiet zone included.
func codeOf(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0, fmt.Errorf("draw the code of %q: %w", text, err)
	}
	const quiet = 4 // modules of white around it (ISO/IEC 18004)
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return b.String(), code.Size + 2*quiet, nil
}

// label is a sample with the code that leads to its page.
type label struct {
	Sample
	Path string
	Box  string // of the drawing
}

func (s *Service) labels(list []Sample) ([]label, error) {
	out := make([]label, len(list))
	for i, x := range list {
		path, size, err := codeOf(s.Address + "/s/" + x.Number)
		if err != nil {
			return nil, err
		}
		out[i] = label{x, path, fmt.Sprintf("0 0 %d %d", size, size)}
	}
	return out, nil
}
