package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

const (
	sources = "assets"
	dist    = "internal/platform/ui/assets/dist"
	stamp   = dist + "/.stamp"
)

// assets builds dist anew when its inputs are not those it was made from.
func (b builder) assets() error {
	icons, err := usedIcons()
	if err != nil {
		return fmt.Errorf("look for icons: %w", err)
	}
	inputs, err := fingerprint(icons)
	if err != nil {
		return fmt.Errorf("read the inputs of the assets: %w", err)
	}
	if made, err := os.ReadFile(stamp); err == nil && string(made) == inputs {
		return nil
	}
	start := time.Now()
	if err := clearDist(); err != nil {
		return err
	}
	names, err := bundle()
	if err != nil {
		return err
	}
	svg, err := sprite(icons)
	if err != nil {
		return err
	}
	logo, err := os.ReadFile(filepath.Join(sources, "logo.svg"))
	if err != nil {
		return err
	}
	if err := errors.Join(put(names, "icons.svg", svg), put(names, "logo.svg", logo), putManifest(names)); err != nil {
		return err
	}
	size, err := compressAll()
	if err != nil {
		return fmt.Errorf("compress the assets: %w", err)
	}
	b.say("assets: %d files, %d KB (%d KB br) in %v\n", size.files, size.plain>>10, size.br>>10, time.Since(start).Round(time.Millisecond))
	return os.WriteFile(stamp, []byte(inputs), 0o644)
}

// fingerprint is a hash of everything the assets are made from.
func fingerprint(icons []string) (string, error) {
	h := sha256.New()
	h.Write([]byte(strings.Join(icons, " ")))
	for _, root := range []string{sources, "tools/build", "package-lock.json"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			h.Write([]byte("\n" + path + "\n"))
			h.Write(content)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// clearDist empties dist but for .gitkeep, which is committed so that the folder can be embedded on a fresh clone.
func clearDist() error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dist)
	for _, e := range entries {
		if e.Name() != ".gitkeep" {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dist, e.Name())))
		}
	}
	return err
}

// bundle runs esbuild over the entry points and tells the hashed name of each.
func bundle() (map[string]string, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{sources + "/css/app.css", sources + "/ts/site.ts", sources + "/ts/desk.ts", sources + "/ts/sw.ts"},
		Outdir:      dist, EntryNames: "[name].[hash]", ChunkNames: "part.[hash]", AssetNames: "[name].[hash]",
		Bundle: true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022, Write: true, Metafile: true,
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "111"}, {Name: api.EngineSafari, Version: "16.4"}, {Name: api.EngineFirefox, Version: "115"},
		},
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		Loader: map[string]api.Loader{".svg": api.LoaderFile},
	})
	var errs []error
	for _, m := range append(result.Errors, result.Warnings...) {
		at := ""
		if m.Location != nil {
			at = fmt.Sprintf("%s:%d: ", m.Location.File, m.Location.Line)
		}
		errs = append(errs, errors.New(at+m.Text))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	var meta struct {
		Outputs map[string]struct{ EntryPoint string }
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, fmt.Errorf("read what esbuild made: %w", err)
	}
	names := map[string]string{}
	for path, o := range meta.Outputs {
		if o.EntryPoint != "" {
			base := strings.TrimSuffix(filepath.Base(o.EntryPoint), filepath.Ext(o.EntryPoint))
			names[base+filepath.Ext(path)] = filepath.Base(path)
		}
	}
	return names, nil
}

// put writes content under a name that carries its hash.
func put(names map[string]string, name string, content []byte) error {
	sum := sha256.Sum256(content)
	ext := filepath.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + strings.ToUpper(hex.EncodeToString(sum[:4])) + ext
	names[name] = hashed
	return os.WriteFile(filepath.Join(dist, hashed), content, 0o644)
}

func putManifest(names map[string]string) error {
	manifest, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "manifest.json"), manifest, 0o644)
}

type sizes struct{ files, plain, br int }

// compressAll puts a .br and a .gz twin beside each asset.
func compressAll() (sizes, error) {
	var total sizes
	entries, err := os.ReadDir(dist)
	if err != nil {
		return total, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || e.Name() == "manifest.json" {
			continue
		}
		path := filepath.Join(dist, e.Name())
		content, err := os.ReadFile(path)
		if err != nil {
			return total, err
		}
		br, gz, err := twins(content)
		if err != nil {
			return total, err
		}
		if err := errors.Join(os.WriteFile(path+".br", br, 0o644), os.WriteFile(path+".gz", gz, 0o644)); err != nil {
			return total, err
		}
		total = sizes{total.files + 1, total.plain + len(content), total.br + len(br)}
	}
	return total, nil
}

func twins(content []byte) (br, gz []byte, err error) {
	var b, g bytes.Buffer
	bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
	gw, err := gzip.NewWriterLevel(&g, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	_, err = bw.Write(content)
	_, gerr := gw.Write(content)
	err = errors.Join(err, gerr, bw.Close(), gw.Close())
	return b.Bytes(), g.Bytes(), err
}
