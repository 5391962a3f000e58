namespace Svom.Sky;

/// <summary>Galactic coordinates in degrees.</summary>
public readonly record struct GalacticPosition(double Longitude, double Latitude);

/// <summary>ICRS to galactic coordinates. Source of the matrix: The Hipparcos and Tycho Catalogues, ESA SP-1200, volume 1, section 1.5.3.</summary>
public static class Galactic
{
    /// <summary>Turns a direction.</summary>
    public static GalacticPosition FromIcrs(SkyPosition position)
    {
        var (x, y, z) = SkyVector.FromSky(position);
        var turned = new SkyVector(
            (-0.0548755604162154 * x) + (-0.8734370902348850 * y) + (-0.4838350155487132 * z),
            (+0.4941094278755837 * x) + (-0.4448296299600112 * y) + (+0.7469822444972189 * z),
            (-0.8676661490190047 * x) + (-0.1980763734312015 * y) + (+0.4559837761750669 * z)).ToSkyPosition();
        return new(turned.Ra, turned.Dec);
    }
}
