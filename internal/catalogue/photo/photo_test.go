package photo

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// quarters is a picture whose left upper quarter is red, on white.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 255, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image, orientation byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	if orientation == 0 {
		return b.Bytes()
	}
	exif := []byte{'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0}
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(head, b.Bytes()[2:]...)
}

func TestAPictureIsDrawnAnewAndSmall(t *testing.T) {
	p, err := Make(jpegOf(t, quarters(2400, 1200), 0))
	if err != nil || p.Width != 1600 || p.Height != 800 {
		t.Fatalf("%d × %d %v", p.Width, p.Height, err)
	}
	thumb, format, err := image.Decode(bytes.NewReader(p.Thumb))
	if err != nil || format != "jpeg" || thumb.Bounds().Dx() != ThumbSide || thumb.Bounds().Dy() != ThumbSide {
		t.Errorf("%v %s %v", thumb.Bounds(), format, err)
	}
	if len(p.Thumb) > 40<<10 {
		t.Errorf("the small picture has %d bytes", len(p.Thumb))
	}
}

// However the camera was held, the red quarter stands where it stood for the eye.
func TestUpright(t *testing.T) {
	red := func(img image.Image, x, y int) bool {
		r, g, _, _ := img.At(x, y).RGBA()
		return r > 0xc000 && g < 0x4000
	}
	for o, corner := range map[byte][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}} {
		p, err := Make(jpegOf(t, quarters(80, 40), o))
		if err != nil {
			t.Fatal(err)
		}
		if turned := o >= 5; (p.Width == 40) != turned {
			t.Errorf("orientation %d: %d × %d", o, p.Width, p.Height)
		}
		img, err := jpeg.Decode(bytes.NewReader(p.Full))
		if err != nil {
			t.Fatal(err)
		}
		at := func(c [2]int) (x, y int) {
			return p.Width/4 + c[0]*p.Width/2, p.Height/4 + c[1]*p.Height/2
		}
		if x, y := at(corner); !red(img, x, y) {
			t.Errorf("orientation %d: no red at %v", o, corner)
		}
	}
}

func TestTransparentBecomesWhiteAndHiddenDataGoes(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 10, 10))); err != nil {
		t.Fatal(err)
	}
	p, err := Make(append(b.Bytes(), []byte("<script>hidden</script>")...))
	if err != nil || bytes.Contains(p.Full, []byte("script")) {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(p.Full))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, bl, _ := img.At(5, 5).RGBA(); r < 0xf000 || g < 0xf000 || bl < 0xf000 {
		t.Errorf("transparent became %x %x %x", r, g, bl)
	}
}

func TestWhatIsNoPicture(t *testing.T) {
	bomb := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00\x57\x86\x1b\x2d")
	for name, c := range map[string]struct {
		data []byte
		want error
	}{"text": {[]byte("hello"), ErrNoPicture}, "empty": {nil, ErrNoPicture}, "cut": {jpegOf(t, quarters(50, 50), 0)[:200], ErrNoPicture}, "huge": {bomb, nil}} {
		_, err := Make(c.data)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(jpegOf(f, quarters(8, 8), 6))
	f.Add([]byte{0xff, 0xd8, 0xff, 0xe1, 0, 10, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I'})
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := Orientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}
