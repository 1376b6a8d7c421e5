"""Draw Vega-Lite as SVG: a program that reads specifications and writes drawings, as JSON.

It imports nothing of billfold: it is run by its path, with what is installed alone.
"""

import json
import sys


def main() -> None:
    """Draw what standard input asks for."""
    import vl_convert

    charts = json.load(sys.stdin.buffer)
    drawn = [vl_convert.vegalite_to_svg(one, vl_version="5.20") for one in charts]
    sys.stdout.write(json.dumps(drawn))


if __name__ == "__main__":
    main()
