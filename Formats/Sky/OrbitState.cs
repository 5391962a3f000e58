namespace Svom.Sky;

/// <summary>Where a satellite was and how it moved, in earth-fixed, turning axes.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Position">km.</param>
/// <param name="Velocity">Against the turning earth, km/s.</param>
public readonly record struct OrbitState(DateTimeOffset At, EarthPosition Position, EarthVelocity Velocity)
{
    /// <summary>Attraction of the Earth, WGS84, km³/s².</summary>
    public const double Attraction = 398_600.4418;

    /// <summary>Flattening term of the attraction, EGM96.</summary>
    public const double J2 = 1.082_626_68e-3;

    /// <summary>Turn of the Earth, rad/s.</summary>
    public const double EarthTurn = 7.292_115e-5;

    /// <summary>The longest step of the integration: less than a metre of error a day at 600 km.</summary>
    private const double LongestStepSeconds = 10;

    /// <summary>
    /// The orbit at another time, before or after. The Earth's attraction with its flattening, nothing else: air drag and the rest move a
    /// satellite at 600 km by a few kilometres a day along its way, which a station's antenna does not notice.
    /// </summary>
    public OrbitState To(DateTimeOffset at)
    {
        var seconds = (at - At).TotalSeconds;
        var steps = Math.Max(1, (int)Math.Ceiling(Math.Abs(seconds) / LongestStepSeconds));
        var motion = Motion.FromEarthFixed(this);
        for (var n = 0; n < steps; n++)
        {
            motion = motion.After(seconds / steps);
        }

        return motion.ToEarthFixed(at, seconds);
    }

    /// <summary>Position and velocity in axes that stand still and lie on the earth-fixed ones at the state's time; the pole is the same.</summary>
    private readonly record struct Motion(SkyVector Place, SkyVector Speed)
    {
        public static Motion FromEarthFixed(OrbitState state)
        {
            var (x, y, z) = state.Position;
            return new(new(x, y, z), new(state.Velocity.X - (EarthTurn * y), state.Velocity.Y + (EarthTurn * x), state.Velocity.Z));
        }

        public OrbitState ToEarthFixed(DateTimeOffset at, double seconds)
        {
            var (sin, cos) = Math.SinCos(-EarthTurn * seconds);
            var place = Turned(Place, sin, cos);
            var speed = Turned(Speed, sin, cos);
            return new(at, new(place.X, place.Y, place.Z), new(speed.X + (EarthTurn * place.Y), speed.Y - (EarthTurn * place.X), speed.Z));
        }

        /// <summary>One step of the classical Runge-Kutta method of fourth order.</summary>
        public Motion After(double seconds)
        {
            var first = Change(this);
            var second = Change(this + (first * (seconds / 2)));
            var third = Change(this + (second * (seconds / 2)));
            var fourth = Change(this + (third * seconds));
            return this + ((first + (second * 2) + (third * 2) + fourth) * (seconds / 6));
        }

        public static Motion operator +(Motion one, Motion two) => new(one.Place + two.Place, one.Speed + two.Speed);

        public static Motion operator *(Motion motion, double by) => new(motion.Place * by, motion.Speed * by);

        private static Motion Change(Motion motion) => new(motion.Speed, Pull(motion.Place));

        // Source: gradient of the potential of a flattened body, as any textbook of orbits has it (Vallado, Fundamentals of Astrodynamics, 8.7).
        private static SkyVector Pull(SkyVector place)
        {
            var squared = place.Dot(place);
            var central = -Attraction / (squared * Math.Sqrt(squared));
            var flattening = 1.5 * J2 * EarthPosition.EquatorKm * EarthPosition.EquatorKm / squared;
            var polar = 5 * place.Z * place.Z / squared;
            var equatorial = central * (1 + (flattening * (1 - polar)));
            return new(place.X * equatorial, place.Y * equatorial, place.Z * central * (1 + (flattening * (3 - polar))));
        }

        private static SkyVector Turned(SkyVector vector, double sin, double cos) => new((vector.X * cos) - (vector.Y * sin), (vector.X * sin) + (vector.Y * cos), vector.Z);
    }
}
