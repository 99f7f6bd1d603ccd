// The desk has everything of the portal; its own islands are added here.
import "./site";

if (document.querySelector("live-watch, live-camera")) void import("./live");
