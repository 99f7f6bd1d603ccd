package main

import (
	"slices"
	"testing"
)

func TestIconsIn(t *testing.T) {
	got := iconsIn([]byte("@Icon(\"search\")\nui.Btn{Icon: \"x\"}\n//icons: flask dna-2\nMyIcon(\"no\") @Icon(name) Icon:   \"leaf\""))
	if want := []string{"search", "x", "leaf", "flask", "dna-2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTwinsAreSmaller(t *testing.T) {
	content := make([]byte, 10_000)
	br, gz, err := twins(content)
	if err != nil || len(br) == 0 || len(gz) == 0 || len(br) > 200 || len(gz) > 200 {
		t.Errorf("br %d, gz %d bytes, %v", len(br), len(gz), err)
	}
}
