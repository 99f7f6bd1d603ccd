package relay

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// browser is a client as a browser would be: what it sends and what it got.
type browser struct {
	pc   *webrtc.PeerConnection
	out  map[string]*webrtc.TrackLocalStaticRTP
	mu   sync.Mutex
	got  map[string][]uint16 // numbers of packets by stream and kind
	gone chan struct{}
}

func newBrowser(t *testing.T, sends []webrtc.RTPCodecType, receives ...webrtc.RTPCodecType) (*browser, string) {
	t.Helper()
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{pc: pc, out: map[string]*webrtc.TrackLocalStaticRTP{}, got: map[string][]uint16{}, gone: make(chan struct{})}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateClosed {
			close(b.gone)
		}
	})
	pc.OnTrack(func(r *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := r.ReadRTP()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.got[r.StreamID()+" "+r.Kind().String()] = append(b.got[r.StreamID()+" "+r.Kind().String()], p.SequenceNumber)
			b.mu.Unlock()
		}
	})
	for _, kind := range sends {
		capability := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90_000}
		if kind == webrtc.RTPCodecTypeAudio {
			capability = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2}
		}
		track, err := webrtc.NewTrackLocalStaticRTP(capability, kind.String(), "mine")
		if err != nil {
			t.Fatal(err)
		}
		b.out[kind.String()] = track
		if _, err := pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range receives {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	<-gathered
	return b, pc.LocalDescription().SDP
}

// takes sets the relay's answer.
func (b *browser) takes(t *testing.T, answer string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		t.Fatal(err)
	}
}

// plays sends a packet each 10 ms until stop is closed.
func (b *browser) plays(kind string, first uint16, stop chan struct{}, wait *sync.WaitGroup) {
	wait.Go(func() {
		for seq := first; ; seq++ {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
			}
			_ = b.out[kind].WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: uint32(seq) * 3600, Marker: true}, Payload: []byte{0x10, 1, 2, 3}})
		}
	})
}

func (b *browser) has(stream string) []uint16 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]uint16(nil), b.got[stream]...)
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain for " + what)
		}
	}
}

const (
	video = webrtc.RTPCodecTypeVideo
	audio = webrtc.RTPCodecTypeAudio
)

func newRelay(t *testing.T, rooms, viewers int) *Relay {
	t.Helper()
	r := New(Options{Listen: "127.0.0.1:0", Rooms: rooms, Viewers: viewers})
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// One publishes, three watch, one of whom came before there was anything; another publisher takes over and the viewers see one
// stream go on; a watcher speaks and everybody hears it; who is shown out is cut off; nothing is left running.
func TestOneToMany(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("", func(t *testing.T) {
		r, ctx := newRelay(t, 2, 3), t.Context()
		stop, again, wait := make(chan struct{}), make(chan struct{}), &sync.WaitGroup{}
		defer wait.Wait()
		defer close(again)
		var viewers []*browser
		watch := func() *Conn {
			b, offer := newBrowser(t, nil, video, audio, audio)
			c, answer, err := r.Watch(ctx, Who{ID: fmt.Sprint("viewer-", len(viewers)), Room: "a", Key: "k"}, offer)
			b.takes(t, answer, err)
			viewers = append(viewers, b)
			return c
		}
		watch()
		lab, offer := newBrowser(t, []webrtc.RTPCodecType{video, audio}, audio)
		_, answer, err := r.Publish(ctx, Who{ID: "lab", Room: "a"}, offer)
		lab.takes(t, answer, err)
		lab.plays("video", 60_000, stop, wait)
		lab.plays("audio", 1, stop, wait)
		watch()
		last := watch()
		for i, b := range viewers {
			eventually(t, fmt.Sprint("pictures for viewer ", i), func() bool { return len(b.has("lab video")) > 5 && len(b.has("lab audio")) > 5 })
		}
		if n := r.Now("a"); !n.Live || n.Viewers != 3 || n.Speaking != "" {
			t.Errorf("%+v", n)
		}

		close(stop)
		other, offer := newBrowser(t, []webrtc.RTPCodecType{video}, audio)
		_, answer, err = r.Publish(ctx, Who{ID: "lab-2", Room: "a"}, offer)
		other.takes(t, answer, err)
		seen := len(viewers[0].has("lab video"))
		other.plays("video", 7, again, wait)
		eventually(t, "the other camera", func() bool { return len(viewers[0].has("lab video")) > seen+5 })
		numbers := viewers[0].has("lab video")
		for i := seen + 1; i < len(numbers); i++ {
			if d := int16(numbers[i] - numbers[i-1]); d < -5 || d > 50 {
				t.Fatalf("the stream jumps from %d to %d", numbers[i-1], numbers[i])
			}
		}
		<-lab.gone

		voice, offer := newBrowser(t, []webrtc.RTPCodecType{audio})
		spoken, answer, err := r.Speak(ctx, Who{ID: "voice", Room: "a", Key: "wang"}, offer)
		voice.takes(t, answer, err)
		voice.plays("audio", 500, again, wait)
		eventually(t, "the voice in the laboratory and among the viewers", func() bool {
			return len(other.has("talk audio")) > 3 && len(viewers[1].has("talk audio")) > 3
		})
		if n := r.Now("a"); n.Speaking != "wang" {
			t.Errorf("%+v", n)
		}
		if _, _, err := r.Speak(ctx, Who{ID: "voice-2", Room: "a"}, offer); !errors.Is(err, ErrSpoken) {
			t.Errorf("two at once: %v", err)
		}
		spoken.End("removed")
		<-spoken.Done()
		<-voice.gone

		last.End("removed")
		last.End("twice")
		<-last.Done()
		if <-viewers[2].gone; last.Why() != "removed" || r.Conn("viewer-2") != nil || r.Now("a").Viewers != 2 {
			t.Errorf("%q %+v", last.Why(), r.Now("a"))
		}
	})
	eventually(t, "every goroutine to end", func() bool { return runtime.NumGoroutine() <= before+1 })
}

// Browsers are told the addresses of this machine, or those that it is known by outside.
func TestAddresses(t *testing.T) {
	for _, public := range [][]string{nil, {"203.0.113.7"}} {
		r := New(Options{Listen: "0.0.0.0:0", Public: public, Rooms: 1, Viewers: 3, Each: 1})
		_, offer := newBrowser(t, nil, video)
		_, answer, err := r.Watch(t.Context(), Who{ID: "1", Room: "a", Key: "k"}, offer)
		if err != nil || strings.Count(answer, "a=candidate") == 0 || public != nil && (!strings.Contains(answer, " 203.0.113.7 ") || strings.Contains(answer, " 127.0.0.1 ")) {
			t.Errorf("%v: %v\n%s", public, err, answer)
		}
		if _, _, err := r.Watch(t.Context(), Who{ID: "2", Room: "a", Key: "k"}, offer); !errors.Is(err, ErrMany) {
			t.Errorf("twice one viewer: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestLimits(t *testing.T) {
	r, ctx := newRelay(t, 1, 1), t.Context()
	_, offer := newBrowser(t, nil, video, audio)
	c, _, err := r.Watch(ctx, Who{ID: "1", Room: "a"}, offer)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Watch(ctx, Who{ID: "2", Room: "a"}, offer); !errors.Is(err, ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	if _, _, err := r.Watch(ctx, Who{ID: "3", Room: "b"}, offer); !errors.Is(err, ErrRooms) {
		t.Errorf("a room too many: %v", err)
	}
	c.End(Left)
	for _, bad := range []string{"", "v=0", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 RTP/AVP 0\r\n"} {
		if _, _, err := r.Watch(ctx, Who{ID: "4", Room: "a"}, bad); !errors.Is(err, ErrOffer) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if n := len(r.Conns()); n != 0 {
		t.Errorf("%d connections left", n)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Watch(ctx, Who{ID: "5", Room: "a"}, offer); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}
